"""Addresses of the desk."""

from django.urls import URLPattern, URLResolver, path

from zhengtong.doors.desk.views import absences, acts, asking, cases, drawings, finding, inbox, notes, transfers

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", inbox.inbox, name="inbox"),
    path("take/", inbox.take, name="take"),
    path("hand-on/", transfers.hand_on, name="hand_on"),
    path("copies/", asking.copies, name="copies"),
    path("copies/<int:copy_id>/read/", asking.copy_read, name="copy_read"),
    path("absences/", absences.listing, name="absences"),
    path("absences/new/", absences.enter, name="absence_enter"),
    path("absences/<int:absence_id>/end/", absences.end, name="absence_end"),
    path("search/", finding.search, name="search"),
    path("overview/", finding.overview, name="overview"),
    path("messages/", finding.messages, name="messages"),
    path("messages/<int:message_id>/read/", finding.read, name="read"),
    path("cases/", finding.cases, name="cases"),
    path("cases/<str:token>/", cases.case, name="case"),
    path("cases/<str:token>/act/", acts.act, name="act"),
    path("cases/<str:token>/claim/", acts.claim, name="claim"),
    path("cases/<str:token>/release/", acts.release, name="release"),
    path("cases/<str:token>/transfer/", transfers.transfer, name="transfer"),
    path("cases/<str:token>/urge/", asking.urge, name="urge"),
    path("cases/<str:token>/copy/", asking.copy, name="copy"),
    path("cases/<str:token>/copies/<int:copy_id>/take-back/", asking.copy_take_back, name="copy_take_back"),
    path("cases/<str:token>/correction/", acts.correction, name="correction"),
    path("cases/<str:token>/acceptance/", acts.acceptance, name="acceptance"),
    path("cases/<str:token>/extend/", acts.extend, name="extend"),
    path("cases/<str:token>/terminate/", acts.terminate, name="terminate"),
    path("cases/<str:token>/full/", cases.full, name="full"),
    path("cases/<str:token>/days/", cases.days, name="days"),
    path("cases/<str:token>/process/", drawings.process, name="process"),
    path("cases/<str:token>/process/model.bpmn", drawings.model, name="model"),
    path("cases/<str:token>/licence/", cases.licence, name="licence"),
    path("cases/<str:token>/licence/file/", cases.licence_file, name="licence_file"),
    path("cases/<str:token>/materials/<int:material_id>/", cases.material, name="material"),
    path("cases/<str:token>/materials/<int:material_id>/pages/<int:number>/", cases.page, name="page"),
    path("cases/<str:token>/notes/", notes.write, name="write_note"),
    path("cases/<str:token>/notes/<int:note_id>/strike/", notes.strike, name="strike_note"),
    path("cases/<str:token>/papers/<str:notice>/", cases.paper, name="paper"),
]
