package adit.node;

import adit.pow.Template;

/// A template together with the id to poll for its successor; an empty id where the node offers no long poll.
record NodeTemplate(Template template, String longPollId) {}
