company-count = { $n ->
    [one] { $n } Kontakt
   *[other] { $n } Kontakte
}
company-people = Menschen
company-nobody = Niemand gehört dazu
company-nobody-text = Wer diese Firma in seinen Stammdaten hat, steht hier.
company-more = { $n ->
    [one] Eine weitere Person wird nicht gezeigt.
   *[other] { $n } weitere werden nicht gezeigt.
}
