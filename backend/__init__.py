"""The office: takes events in, judges them, tells people, and shows them what needs a decision."""
