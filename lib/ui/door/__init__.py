"""The front door: what the server does for every visitor before a page runs.

``streamlit run`` finds ``app = st.App(...)`` in streamlit_app.py and serves that; :func:`lib.ui.door.app.door`
says what the app is made of. A host that knows nothing of ``st.App`` runs the same file as a plain script: then
the door stays shut (:func:`lib.ui.door.presence.is_open`), and each of its services has a stand-in:

* Components' scripts and plotly.js, by a public mount, kept by browsers for a year (:mod:`~lib.ui.door.files`).
  Stand-in: Streamlit's own registration of components (:mod:`lib.ui.adapters.component_files`).
* Files compressed, each once (:mod:`~lib.ui.door.compressed`). Stand-in: none; pages are two to four times as heavy.
* Streamlit's fonts cut down to what is used (:mod:`~lib.ui.door.icons`, :mod:`~lib.ui.door.letters`). Stand-in: the
  whole of them.
* The shell's styles, the menu's place and the scripts that every page needs in the first HTML
  (:mod:`~lib.ui.door.documents`). Stand-in: ``st.html`` in each page; the page jumps when the menu comes.
* Errors of a page, by the app's ``on_script_error`` (:mod:`lib.ui.boundary`). Stand-in: the same handler, set on the
  session (:mod:`lib.ui.adapters.script_errors`).
* The learner's cookie, out of scripts' reach (:mod:`~lib.ui.door.owner_cookie`). Stand-in: one that frame.js keeps.
* Pages of other sites refused, other ports of localhost too (:mod:`~lib.ui.door.origins`). Stand-in: Streamlit's own
  check, by host names.
* ``/health`` (:mod:`~lib.ui.door.health`). Stand-in: Streamlit's ``/_stcore/health``, which says "ok".
"""
