contact-past = Changes
contact-past-of = Changes to { $name }
contact-past-text = Every change with the value before and after. What nobody else has changed since can be taken back.
contact-past-empty = Nothing changed yet
contact-past-empty-text = As soon as somebody changes something about this contact, it stands here.
contact-past-made = created
contact-past-undone = taken back
contact-past-undo-of = Undo the change of { $at }
contact-past-done = Change taken back
contact-past-kept = Taken back as far as possible. { $n ->
    [one] One value stays because it was changed since.
   *[other] { $n } values stay because they were changed since.
}
contact-past-nothing = nothing
contact-past-archived = in the archive
history-cause-form = in the form
history-cause-inline = in the list
history-cause-bulk = for many at once
history-cause-api = through the API
history-cause-tracking = by the website
history-cause-import = by an import
history-cause-merge = when merging
history-cause-person = on their own page
history-cause-rule = by the program
history-cause-retention = when its time was over
history-cause-undo = by undoing
audit-contact-archived = Contact archived
audit-contact-restored = Contact restored
audit-change-undone = Change taken back
audit-subject-change = Change
contact-past-tagged = yes
