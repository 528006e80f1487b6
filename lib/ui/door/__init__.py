"""The front door: what the server does for every visitor before a page runs.

``streamlit run`` finds ``app = st.App(...)`` in streamlit_app.py and serves that; :func:`lib.ui.door.app.door`
says what the app is made of. A host that knows nothing of ``st.App`` runs the same file as a plain script: then
the door stays shut (:func:`lib.ui.door.presence.is_open`), and each of its services has a stand-in:

=====================  ======================================  =============================================
Service                Through the door                        As a plain script
=====================  ======================================  =============================================
Components' scripts    :mod:`~lib.ui.door.files`: a public     :mod:`lib.ui.adapters.component_files`:
and plotly.js          mount, kept by browsers for a year      Streamlit's own registration of components
Compressed files       :mod:`~lib.ui.door.compressed`: each     as they are: two to five times the bytes
                       compressed once and kept
Errors in a page       ``on_script_error`` of the app          :mod:`lib.ui.adapters.script_errors`: the same
                                                               handler, set on the session
The learner's cookie   :mod:`~lib.ui.door.owner_cookie`:       frame.js keeps a cookie that scripts can read
                       out of scripts' reach
Styles of the shell    :mod:`~lib.ui.door.documents`: in the    ``st.html`` of each page
                       first HTML
``/health``            :mod:`~lib.ui.door.health`              Streamlit's own ``/_stcore/health``
=====================  ======================================  =============================================
"""
