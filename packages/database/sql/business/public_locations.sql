-- drop: DROP VIEW business.public_locations;
-- business.public_locations: the living branches of verified businesses that have not closed. A business that is
-- suspended or closes is gone from here, and with it every voucher from every search, at once.
CREATE OR REPLACE VIEW business.public_locations WITH (security_invoker = true) AS
  SELECT location.id, location.business_id, location.latitude, location.longitude,
    location.street, location.city, location.country_code, location.time_zone, location.weekly_hours,
    location.hours_text
  FROM business.locations location
  JOIN business.businesses business ON business.id = location.business_id
  WHERE location.deleted_at IS NULL AND business.deleted_at IS NULL AND business.closed_at IS NULL
    AND business.status = 'verified';
