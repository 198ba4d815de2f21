"""Texts of this field, written for the export: sixteen golden ones, and a hundred to measure on."""

GOLDEN = (
    "SQL",
    "data analyst",
    "Registered nurse, night shift",
    "Certified welder seeks work in shipbuilding",
    "Introduction to Spreadsheets for Small Business",
    "Python & pandas: from raw CSV files to a chart",
    "Écrire des rapports clairs pour la direction",
    "How do I move from a call center into network administration?",
    "C++ developer (embedded systems), 3+ years, on site in Fort Wayne, IN",
    "Badge: Conflict resolution in teams, awarded after a role play that two coaches observe.",
    "forklift; pallet jack; order picking; cycle counts; OSHA 10-hour card; weekends possible",
    "The holder can plan, wire and test a rooftop photovoltaic system of up to ten kilowatts and "
    "hand it over with the papers that the utility asks for.",
    "Ten years as a bank teller taught me to explain fees, spot forged checks and balance a "
    "drawer to the cent; now I want to work with numbers all day, but not at a counter.",
    "We need a medical records technician who codes outpatient visits in ICD-10-CM and CPT, "
    "answers auditors within two days, and keeps what patients told us to herself. Remote work "
    "is fine after the first month.",
    "This four-week microcredential is for supervisors on the shop floor. You learn to read a "
    "control chart, to find the cause of scrap with five whys and a fishbone diagram, and to run "
    "a short improvement meeting that people do not dread. It is assessed by a report on a real "
    "problem in your own plant, and it counts for one credit toward the certificate in quality.",
    "Employed since 2016 at a family-owned nursery: grafting, irrigation, pest scouting, and two "
    "seasons as crew leader. Speaks Spanish and English. Holds a pesticide applicator license. "
    "Took evening classes in bookkeeping and business law. Looks for a way into landscape design "
    "or into teaching horticulture to teenagers, within an hour of home and without a full degree.",
)
