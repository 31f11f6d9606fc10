list-columns = Columns
list-column-email = E-mail address
list-column-show = { $name }: show
list-column-hide = { $name }: hide
list-column-earlier = Move { $name } to the front
list-dense = Low rows
list-roomy = High rows
list-archived = Archive
list-view = View
list-view-new = Save this view
list-view-text = Filters, columns and order of this list are kept under a name.
list-view-name = Name of the view
list-view-share = Visible to everybody here
list-view-save = Save
list-view-saved = View saved
list-view-removed = View removed
list-view-rename = Rename this view
list-view-remove = Remove this view
list-view-usual = Always open contacts like this
list-view-unusual = Stop opening like this
list-export = Export
list-export-head = Export this list
list-export-too-many = An Excel file takes at most { COUNT($most) } contacts here, this list has { COUNT($n) }. Please narrow the list or take CSV.
list-bulk-all = all matches of the list
list-bulk-away = Archive
list-bulk-archive = Archive
list-bulk-restore = Bring back from the archive
list-bulk-nobody = Nobody
list-bulk-title = Change many contacts
list-bulk-go = Go ahead
list-bulk-stop = Stop
list-bulk-back = To the list
list-bulk-planned = { $n ->
    [one] One contact
   *[other] { COUNT($n) } contacts
}: { $unchanged ->
    [0] all will change.
    [one] one stays as it is.
   *[other] { COUNT($unchanged) } stay as they are.
}
list-bulk-running = { COUNT($done) } of { COUNT($n) } contacts are through. You may leave this page.
list-bulk-done = { $changed ->
    [0] No contact changed
    [one] One contact changed
   *[other] { COUNT($changed) } contacts changed
}
list-bulk-undone = { $changed ->
    [0] Nothing taken back: the values have changed since
    [one] Taken back for one contact
   *[other] Taken back for { COUNT($changed) } contacts
}
list-bulk-cancelled = Stopped: { COUNT($changed) } of { COUNT($n) } contacts are changed.
customers-bulk-nobody = Nobody is chosen. Please choose at least one contact in the list.
customers-bulk-value = There is no such value. Please choose one from the menu.
customers-bulk-begun = This is under way or done already.
customers-view-nameless = Please give the view a name of at most { $most } characters.
right-export_contacts = Export contacts
audit-contact-exported = Contacts exported
audit-bulk-changed = Many contacts changed
audit-bulk-undone = Change of many contacts taken back
audit-view-saved = View saved
audit-view-renamed = View renamed
audit-view-removed = View removed
audit-view-restored = View brought back
audit-subject-view = View
audit-subject-bulk = Change of many
audit-detail-format = Format
audit-detail-list = List
audit-detail-shared = For everybody
