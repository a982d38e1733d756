"""Questions about many officers: the roster, and what a training officer asks of a cohort. Pure.

Each question is a module: a function from evidence (and the roster) to a frozen answer that writes itself as JSON.
Who may import it: stores (the roster alone), services and above. It imports `lrs.competency` and what is below.
"""
