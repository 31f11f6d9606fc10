company-count = { $n ->
    [one] { $n } contact
   *[other] { $n } contacts
}
company-people = People
company-nobody = Nobody belongs to it
company-nobody-text = Whoever has this company in their master data stands here.
company-more = { $n ->
    [one] One more person is not shown.
   *[other] { $n } more are not shown.
}
