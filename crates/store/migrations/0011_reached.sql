-- Whom a campaign reached and what they did about it: one row for each person and campaign. Rows answer it through
-- interaction_campaign; the knowledgebase keeps it ready.
CREATE VIEW reached AS
SELECT campaign_id, contact_id,
    MAX(CASE WHEN kind = 'sent' THEN 1 ELSE 0 END) AS sent,
    MAX(CASE WHEN kind IN ('opened', 'clicked') AND verdict = 'human' THEN 1 ELSE 0 END) AS opened,
    MAX(CASE WHEN kind = 'clicked' AND verdict = 'human' THEN 1 ELSE 0 END) AS clicked,
    MAX(CASE WHEN kind = 'opened' AND verdict = 'machine' THEN 1 ELSE 0 END) AS machine_opened,
    MAX(CASE WHEN kind IN ('page_viewed', 'product_viewed') AND verdict = 'human' THEN 1 ELSE 0 END) AS viewed,
    MAX(CASE WHEN kind = 'unsubscribed' AND verdict <> 'machine' THEN 1 ELSE 0 END) AS unsubscribed,
    MAX(CASE WHEN kind = 'complained' AND verdict <> 'machine' THEN 1 ELSE 0 END) AS complained
FROM interaction WHERE campaign_id IS NOT NULL AND contact_id IS NOT NULL
GROUP BY campaign_id, contact_id;
