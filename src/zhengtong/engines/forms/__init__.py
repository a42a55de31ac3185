"""Forms as JSON Schema 2020-12 with hints under `zt`: what is asked, when, how it is drawn and how it is checked."""

from zhengtong.engines.forms.checking import Checked, FieldError, check, check_page, visible_fields
from zhengtong.engines.forms.compiling import compile_form
from zhengtong.engines.forms.describing import describe_page, in_words, summary
from zhengtong.engines.forms.errors import AnswersError, FormError
from zhengtong.engines.forms.model import Field, Form, Kind, Page, Section, sensitive_paths
from zhengtong.engines.forms.posting import answers_from_post, flatten

__all__ = [
    "AnswersError",
    "Checked",
    "Field",
    "FieldError",
    "Form",
    "FormError",
    "Kind",
    "Page",
    "Section",
    "answers_from_post",
    "check",
    "check_page",
    "compile_form",
    "describe_page",
    "flatten",
    "in_words",
    "sensitive_paths",
    "summary",
    "visible_fields",
]
