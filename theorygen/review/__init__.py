"""What a teacher makes of violations: faults traced to their causes, sentences, reports, rates over many scores."""
