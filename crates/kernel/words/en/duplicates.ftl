# Duplicates: candidates, reasons, merging
duplicates-title = Duplicates
duplicates-link = Duplicates ({ $n })
duplicates-intro = Contacts that are probably the same person. The surest come first.
duplicates-count = { $n ->
    [0] none open
    [one] one pair open
   *[other] { COUNT($n) } pairs open
}
duplicates-scanned = Last compared { $when }, { COUNT($contacts) } contacts. Changes are followed all the time.
duplicates-waiting = The first comparison is still running. It starts by itself and takes some minutes for a million contacts.
duplicates-skipped = { $n ->
    [one] One feature is shared by so many contacts that it tells nobody apart. That group was left out.
   *[other] { COUNT($n) } features are shared by so many contacts that they tell nobody apart. Those groups were left out.
}
duplicates-open = Open
duplicates-dismissed = Different people
duplicates-merged = Merged
duplicates-least = Probability
duplicates-least-any = all
duplicates-least-of = from { $percent }
duplicates-filter = Narrow the candidates
duplicates-pair = { $one } and { $other }
duplicates-people = Contacts
duplicates-why = Why
duplicates-sure = Same
duplicates-against = Against: { $reasons }
duplicates-compare = Compare
duplicates-compare-of = Compare { $one } and { $other }
duplicates-differ = Different
duplicates-differ-of = Different: { $one } and { $other }
duplicates-reopen = Reopen
duplicates-none = No duplicates
duplicates-none-text = As soon as two contacts might be the same person, they stand here side by side.
duplicates-none-here = No pair here. Other filters may show some.
duplicates-is-dismissed = Noted as different people
duplicates-is-reopened = The pair is back in the list
duplicates-keys = Keys: J and K walk the list, Enter opens the comparison.
duplicates-automatic = Merge by itself
duplicates-automatic-text = Pairs from this probability on are merged without asking. Every merge is in the history and can be taken back.
duplicates-automatic-off = Off
duplicates-automatic-from = from { $percent }
duplicates-automatic-saved = Saved
duplicates-automatic-range = Please choose a probability between 90 % and 100 %.
duplicates-history = Merge history
duplicates-history-none = Nothing has been merged yet.
duplicates-history-line = { $merged } went into { $survivor }
duplicates-history-by = { $by }, { $when }
duplicates-history-automatic = by itself
duplicates-history-undone = Taken back by { $by }, { $when }
duplicates-history-rows = { $n ->
    [0] no entries moved
    [one] one entry moved
   *[other] { COUNT($n) } entries moved
}
duplicates-undo-of = Take back the merge of { $name }
duplicates-first-name = { $level ->
    [same] same first name
    [swapped] first and last name swapped
    [sounds] first name sounds the same
    [near] first name nearly the same
    [part] first name shortened, or one of two
    [similar] first name similar
   *[different] other first name
}
duplicates-last-name = { $level ->
    [same] same last name
    [sounds] last name sounds the same
    [near] last name nearly the same
    [part] last name is one of two
    [similar] last name similar
   *[different] other last name
}
duplicates-birth-date = { $level ->
    [same] same birthday
    [swapped] day and month of birth swapped
    [near] birthday the same but for a slip
    [part] birthday partly the same
    [similar] birthday similar
   *[different] other birthday
}
duplicates-email = { $level ->
    [same] same e-mail address
    [near] e-mail address nearly the same
    [part] same name in the e-mail address, other provider
   *[different] other e-mail address
}
duplicates-phone = { $level ->
    [same] same phone
    [near] phone the same but for one digit
    [part] phone the same but for prefix or extension
   *[different] other phone
}
duplicates-street = { $level ->
    [same] same street and number
    [near] street nearly the same
    [part] same street, other number
    [similar] street similar
   *[different] other street
}
duplicates-postal-code = { $level ->
    [same] same postal code
    [near] postal code the same but for a slip
    [part] same postal region
    [similar] postal code similar
   *[different] other postal code
}
duplicates-city = { $level ->
    [same] same city
    [sounds] city sounds the same
    [near] city nearly the same
    [part] city partly the same
    [similar] city similar
   *[different] other city
}
duplicates-company = { $level ->
    [same] same company
    [near] company nearly the same
    [part] company partly the same
    [similar] company similar
   *[different] other company
}
merge-title = Merge
merge-lead = The left one stays, the right one goes into it. Choose for each line what is to hold.
merge-stays = stays
merge-goes = goes into it
merge-same = same
merge-empty = empty
merge-number = Customer number
merge-history = History
merge-history-of = { $n ->
    [0] no entries
    [one] one entry
   *[other] { COUNT($n) } entries
} since { $since }
merge-swap = Swap sides
merge-field-name = Name
merge-field-salutation = Salutation
merge-field-title = Title
merge-field-kind = Kind
merge-field-birth-date = Birthday
merge-field-email = E-mail
merge-field-phone = Phone
merge-field-address = Address
merge-field-company = Company
merge-field-language = Language
merge-field-source = Source
merge-field-budget = Budget
merge-choose = What holds
merge-choose-of = { $field }: { $value }
merge-choice-missing = nothing entered
merge-agree = Both agree on
merge-what-moves = What comes along
merge-moves-none = Nothing else belongs to this contact.
merge-moves-interaction = { $n ->
    [one] one entry of the history
   *[other] { COUNT($n) } entries of the history
}
merge-moves-purchase = { $n ->
    [one] one order
   *[other] { COUNT($n) } orders
}
merge-moves-consent = { $n ->
    [one] one consent or withdrawal
   *[other] { COUNT($n) } consents and withdrawals
}
merge-moves-visitor = { $n ->
    [one] one known visitor of the website
   *[other] { COUNT($n) } known visitors of the website
}
merge-moves-identity_edge = { $n ->
    [one] one tie to a visitor
   *[other] { COUNT($n) } ties to visitors
}
merge-moves-message = { $n ->
    [one] one message
   *[other] { COUNT($n) } messages
}
merge-moves-audience = { $n ->
    [one] one place in the audience of a campaign
   *[other] { COUNT($n) } places in audiences of campaigns
}
merge-moves-agenda_item = { $n ->
    [one] one agenda entry
   *[other] { $n } agenda entries
}
merge-moves-contact_link = { $n ->
    [one] one tie to another contact
   *[other] { $n } ties to other contacts
}
merge-moves-document = { $n ->
    [one] one document
   *[other] { $n } documents
}
merge-moves-data_confirmation = { $n ->
    [one] one confirmation of contact details
   *[other] { $n } confirmations of contact details
}
merge-moves-confirmation_request = { $n ->
    [one] one request to confirm
   *[other] { $n } requests to confirm
}
merge-moves-privacy_request = { $n ->
    [one] one privacy request
   *[other] { COUNT($n) } privacy requests
}
merge-moves-consent_request = { $n ->
    [one] one request for consent
   *[other] { COUNT($n) } requests for consent
}
merge-moves-privacy_package = { $n ->
    [one] one access package
   *[other] { COUNT($n) } access packages
}
merge-consents = What is allowed afterwards
merge-consents-note = Where the two disagree the stricter one holds: a withdrawal is never lost.
merge-consent-yes = allowed
merge-consent-no = not allowed
merge-consents-none = Nothing is known about consents.
merge-stays-note = { $name } stays archived. Links and the old customer number { $number } lead to this contact.
merge-do = Merge
merge-done = { $name } was merged
merge-undone = The merge was taken back
merge-with-itself = That is the same contact twice. Please choose two different ones.
merge-already = { $name } already went into { $into }. Please merge with that contact.
merge-archived = { $name } is archived. Archived contacts are not merged.
merge-held = { $name } is on a retention hold and is not merged while it lasts.
merge-withdrawn = The data of this person is restricted or erased. The merge stays as it is.
merge-unknown-field = There is no field “{ $value }”.
merge-undone-there = This change belongs to a merge. Please take it back in the history under “Duplicates”.
merge-undone-already = This merge was taken back before.
merge-merged-since = { $name } itself went into { $into } since. Please take that merge back first.
merge-stale = One of the two contacts was changed meanwhile. You now see what it is; your choice is still here.
audit-contact-merged = Contacts merged
audit-contact-merged_away = Contact went into another one
audit-contact-unmerged = Merge taken back
audit-duplicates-dismissed = Duplicate noted as different people
audit-duplicates-reopened = Duplicate reopened
audit-duplicates-automatic = Automatic merging set
audit-actor-duplicates = Search for duplicates
audit-detail-thousandths = from per mille
audit-detail-automatic = by itself
audit-detail-other = other contact
audit-detail-rows = Entries
audit-detail-interaction = Interactions
audit-detail-purchase = Orders
audit-detail-consent = Consents
audit-detail-visitor = Visitors
audit-detail-identity-edge = Ties
audit-detail-message = Messages
audit-detail-audience = Audiences
privacy-table-contact-merge = Merges
privacy-table-duplicate-pair = Possible duplicates
