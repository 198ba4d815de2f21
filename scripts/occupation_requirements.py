"""What an occupation asks for, inferred from its tasks, activities, technologies and knowledge."""
