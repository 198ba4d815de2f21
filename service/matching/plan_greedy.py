"""The greedy pathway: always what adds most, with all that it asks for."""

from service.matching.plan_problem import Choice, PlanProblem, is_better


def choose_greedily(problem: PlanProblem) -> Choice:
    """Return what comes of taking, again and again, the credential that adds most and still fits.

    It is taken together with the prerequisites, and of a stack with the cheapest parts, that are
    not chosen yet. Ties go by cost, weeks and id.
    """
    chosen: Choice = frozenset()
    while (wider := _best(problem, chosen)) is not None:
        chosen = wider
    return chosen


def _best(problem: PlanProblem, chosen: Choice) -> Choice | None:
    best: Choice | None = None
    value = problem.value(chosen)
    price = (0.0, 0.0)
    for each in range(len(problem.ids)):
        wider = _with(problem, each, chosen)
        if wider is None or wider == chosen or not problem.fits(wider):
            continue
        found, takes = problem.value(wider), problem.price(wider)
        cheaper = best is not None and not is_better(value, found) and takes < price
        if is_better(found, value) or cheaper:
            best, value, price = wider, found, takes
    return best


def _with(
    problem: PlanProblem, each: int, chosen: Choice, asked: Choice = frozenset()
) -> Choice | None:
    """Return a choice with one credential more and all that it asks for; none if that is a circle.

    Args:
        problem: what may be chosen.
        each: the credential.
        chosen: what is chosen already.
        asked: what is being added, and asks for this one.
    """
    if each in chosen:
        return chosen
    if each in asked:
        return None
    found = chosen
    for before in problem.prerequisites[each]:
        wider = _with(problem, before, found, asked | {each})
        if wider is None:
            return None
        found = wider
    wider = _with_parts(problem, each, found, asked | {each})
    return wider | {each} if wider is not None else None


def _with_parts(problem: PlanProblem, each: int, chosen: Choice, asked: Choice) -> Choice | None:
    stack = problem.stacks.get(each)
    if stack is None:
        return chosen
    found = chosen
    for part in sorted(stack.parts, key=lambda part: (*problem.price({part}), part)):
        if sum(taken in found for taken in stack.parts) >= stack.count:
            break
        found = _with(problem, part, found, asked) or found
    enough = sum(taken in found for taken in stack.parts) >= stack.count
    return found if enough else None
