"""The indicators that the demo's vendors speak of: of each competency, their names in English and Spanish."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

Words = tuple[str, str]
"""The same in English and Spanish."""

COMMUNICATION: Final = "communication"
CULTURAL: Final = "cultural_competency"
LEADERSHIP: Final = "leadership"
PROBLEM_SOLVING: Final = "problem_solving"
PARTNERSHIP: Final = "partnership"
LEGAL: Final = "legal_awareness"
DIGITAL: Final = "digital_engagement"
REFLECTION: Final = "bias_reflection"
MENTORING: Final = "mentoring"
SURVEY: Final = "community_survey"

DE_ESCALATION: Final = "de-escalates-before-force"

COMPETENCY_NAMES: Final[Mapping[str, Words]] = MappingProxyType(
    {
        COMMUNICATION: ("Communication", "Comunicación"),
        CULTURAL: ("Cultural competency", "Competencia cultural"),
        LEADERSHIP: ("Leadership", "Liderazgo"),
        PROBLEM_SOLVING: ("Problem solving", "Resolución de problemas"),
        PARTNERSHIP: ("Partnership and community engagement", "Colaboración con la comunidad"),
        LEGAL: ("Legal and ethical awareness", "Conciencia legal y ética"),
        DIGITAL: ("Digital engagement", "Relación digital"),
        REFLECTION: ("Reflection on bias", "Reflexión sobre sesgos"),
        MENTORING: ("Mentoring", "Mentoría"),
        SURVEY: ("Community survey", "Encuesta a la comunidad"),
    }
)

INDICATORS: Final[Mapping[str, Mapping[str, Words]]] = MappingProxyType(
    {
        COMMUNICATION: {
            "lets-others-finish": ("Lets others finish", "Deja terminar a los demás"),
            "checks-understanding": ("Checks understanding", "Comprueba que se ha entendido"),
            "explains-the-reason-for-an-action": (
                "Explains the reason for an action",
                "Explica el motivo de una acción",
            ),
            "controls-voice-and-pace": ("Controls voice and pace", "Controla la voz y el ritmo"),
            "offers-choices": ("Offers choices", "Ofrece opciones"),
            DE_ESCALATION: ("De-escalates before force", "Calma la situación antes de usar la fuerza"),
            "closes-the-contact": ("Closes the contact", "Cierra el contacto"),
        },
        CULTURAL: {
            "uses-an-interpreter-or-accommodation": (
                "Uses an interpreter or accommodation",
                "Recurre a un intérprete o ajuste",
            ),
            "avoids-assumption-language": ("Avoids assumption language", "Evita dar cosas por supuestas"),
            "even-tone-across-contacts": ("Even tone across contacts", "Mantiene el mismo tono con todos"),
            "respects-custom-where-safe": ("Respects custom where safe", "Respeta la costumbre si es seguro"),
            "repairs-offence": ("Repairs offence", "Repara una ofensa"),
        },
        LEADERSHIP: {
            "takes-ownership": ("Takes ownership", "Asume la responsabilidad"),
            "briefs-and-debriefs": ("Briefs and debriefs", "Informa antes y después"),
            "coaches-a-peer": ("Coaches a peer", "Orienta a un compañero"),
            "intervenes-on-misconduct": ("Intervenes on misconduct", "Interviene ante una mala conducta"),
            "credits-partners": ("Credits partners", "Reconoce a los compañeros"),
            "explains-decisions-openly": (
                "Explains decisions openly",
                "Explica sus decisiones con franqueza",
            ),
        },
    }
)
"""Of the three competencies that ride-alongs and VR are all about."""

MORE_INDICATORS: Final[Mapping[str, Mapping[str, Words]]] = MappingProxyType(
    {
        PROBLEM_SOLVING: {
            "scan": ("Scans", "Explora"),
            "analyse": ("Analyses", "Analiza"),
            "respond": ("Responds", "Responde"),
            "assess": ("Assesses", "Evalúa"),
            "stage-completeness": ("Goes through all four stages", "Recorre las cuatro etapas"),
        },
        PARTNERSHIP: {
            "seeks-partners-out": ("Seeks partners out", "Busca a los socios"),
            "agrees-on-aim-and-roles": ("Agrees on aim and roles", "Acuerda objetivo y papeles"),
            "keeps-commitments": ("Keeps commitments", "Cumple lo prometido"),
            "shares-what-can-be-shared": ("Shares what can be shared", "Comparte lo que se puede compartir"),
            "lets-partners-shape-the-work": (
                "Lets partners shape the work",
                "Deja que los socios den forma al trabajo",
            ),
            "treats-partners-as-equals": ("Treats partners as equals", "Trata a los socios como iguales"),
            "gets-something-done-together": ("Gets something done together", "Logra algo en común"),
        },
        LEGAL: {
            "grounds-for-stops-and-searches": (
                "Grounds for stops and searches",
                "Motivos para detener y registrar",
            ),
            "lawful-use-of-force": ("Lawful use of force", "Uso legal de la fuerza"),
            "rights-of-those-held": ("Rights of those held", "Derechos de los detenidos"),
            "records-and-disclosure": ("Records and disclosure", "Registro y entrega de pruebas"),
            "duty-to-intervene-and-report": (
                "Duty to intervene and to report",
                "Deber de intervenir e informar",
            ),
            "gifts-interests-and-privacy": (
                "Gifts, interests and privacy",
                "Regalos, intereses y privacidad",
            ),
        },
        DIGITAL: {
            "writes-so-that-people-understand": (
                "Writes so that people understand",
                "Escribe para que se entienda",
            ),
            "answers-in-good-time": ("Answers in good time", "Contesta a tiempo"),
            "keeps-the-tone-under-attack": ("Keeps the tone under attack", "Mantiene el tono ante un ataque"),
            "protects-privacy-and-cases": ("Protects privacy and cases", "Protege la intimidad y los casos"),
            "corrects-openly": ("Corrects openly", "Corrige con franqueza"),
            "reaches-those-who-are-seldom-met": (
                "Reaches those who are seldom met",
                "Llega a quienes rara vez se ve",
            ),
        },
        REFLECTION: {
            "after-training": ("After training", "Tras la formación"),
            "after-a-contact": ("After a contact", "Tras un contacto"),
            "look-back": ("Look back", "Mirada atrás"),
        },
        MENTORING: {
            "one-to-one": ("One to one", "De uno a uno"),
            "in-a-group": ("In a group", "En grupo"),
            "young-people": ("Young people", "Jóvenes"),
        },
        SURVEY: {
            "trust": ("Trust", "Confianza"),
            "fairness": ("Fairness", "Equidad"),
            "respect": ("Respect", "Respeto"),
            "voice": ("Voice", "Voz"),
            "safety": ("Safety", "Seguridad"),
            "ease-of-contact": ("Ease of contact", "Facilidad de contacto"),
        },
    }
)
"""Of the others, each of which has a source of its own."""
