"""What the mock costs beside a trivial application, and what it makes of hostile requests. Ships in no wheel."""
