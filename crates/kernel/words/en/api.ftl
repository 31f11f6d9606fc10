# The door for programs
api-json-broken = The text is no valid JSON (line { $line }, column { $column }).
api-json-ends = The JSON ends too early (line { $line }, column { $column }).
api-too-deep = The JSON is nested too deeply: 128 levels at most.
api-nul = Text must not contain a NUL character.
api-unknown-field = There is no field “{ $field }” here. There are: { $fitting }.
api-required = The field “{ $field }” is missing.
api-wrong-type = A value does not fit its field: { $detail }
api-key-invalid = The Idempotency-Key must have 1 to { $longest } visible ASCII characters.
api-key-running = The first call with this Idempotency-Key is still running.
api-key-interrupted = The first call with this Idempotency-Key was interrupted. Check whether it had an effect, then use a new key.
api-key-reused = This Idempotency-Key belongs to another call.
api-cursor-invalid = This cursor does not come from here.
api-parameter-invalid = The value of “{ $field }” does not fit: { $detail }
api-file-missing = The file is missing: either as part “file” (multipart/form-data) or as the whole body of the request.
api-too-many-entries = A list may have 1 to { $most } entries.
api-not-a-time = Please give a time as in RFC 3339 with an offset, for example 2026-11-24T09:30:00+01:00.
api-orders-of-whom = Please say whose orders: contact, contact_number or number.
