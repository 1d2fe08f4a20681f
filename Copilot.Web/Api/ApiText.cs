namespace Copilot.Web.Api;

/// <summary>
/// The sentences of the API's problems (<c>detail</c>): what is wrong, and what to send instead. Statuses, codes and the names of
/// fields are the contract; the sentences are not.
/// </summary>
internal static class ApiText
{
    // Any request.
    public const string NotFound = "This does not exist, or you don't have access to it.";
    public const string KeyInvalid = "Send a valid API key as \"Authorization: Bearer …\".";
    public const string Unreadable = "The request can't be read.";
    public const string StorageUnavailable = "Storage is unavailable, so nothing was started. Try again in a moment.";
    public const string InternalError = "The server failed to handle the request. Its log has the details.";
    public const string BodyTooLarge = "The body is too large. The limit is 1 MiB (1,048,576 bytes).";
    public const string NotJson = "Send JSON with Content-Type: application/json.";
    public const string NotUtf8 = "Send the body in UTF-8, the encoding of JSON.";
    public const string NotAnObject = "The body must be a JSON object.";
    public const string InvalidJson = "The body is not valid JSON.";

    // Starting a run.
    public const string InputMissing = "'input' is missing. Send your question as a string that is not empty.";
    public const string FilesForm = "an array of file ids as returned by POST /api/files";
    public const string FilesInvalid = "'files' must be " + FilesForm + ".";
    public const string MetadataForm = "an object with string values";
    public const string MetadataInvalid = "'metadata' must be " + MetadataForm + ".";
    public const string MetadataNotUnicode = "'metadata' is not valid Unicode.";
    public const string SessionBeingDeleted = "This session is being deleted. Omit 'session_id' to start a new one.";
    public const string KeyReused = "This Idempotency-Key was used with a different body in the last 24 hours. Use a new key for a new request.";

    public const string CallbackUrlInvalid = "'callback_url' must be an address like https://example.com/runs, of at most 2,000 characters and without a name or password.";
    public const string CallbacksNotOffered = "'callback_url' can't be used here: an admin has to set Callbacks:Secret, with which callbacks are signed.";

    // The format of an answer.
    public const string TextInvalid = "'text' must be an object, for example {\"format\": {\"type\": \"json_schema\", …}}.";
    public const string FormatInvalid = "'text.format' must be an object with a 'type'.";
    public const string FormatTypeMissing = "'text.format.type' is missing. Send json_schema, json_object or text.";
    public const string FormatTypeInvalid = "'text.format.type' must be json_schema, json_object or text.";
    public const string FormatNameMissing = "'text.format.name' is missing. Send a name for the schema.";
    public const string FormatNameInvalid = "'text.format.name' must have 1 to 64 letters, digits, '_' or '-'.";
    public const string SchemaMissing = "'text.format.schema' is missing. Send a JSON schema.";
    public const string SchemaInvalid = "'text.format.schema' must be an object.";
    public const string StrictInvalid = "'text.format.strict' must be true or false.";

    // Lists.
    public const string SearchTooSlow = "The search took too long. Ask for less: more words, or a filter.";

    // A run that works.
    public const string PositionInvalid = "The position ('Last-Event-ID' or 'after') must be a whole number of at least 0.";
    public const string EventNamesInvalid = "'event_names' must be true or false.";
    public const string RunHasEnded = "The run has already ended.";
    public const string AnswerMissing = "'answer' is missing.";
    public const string QuestionNotWaiting = "The question is not waiting for an answer.";
    public const string NoBudget = "The run has no budget to raise.";
    public const string BudgetNotRaisable = "The run is not active, so its budget can't be raised.";
    public const string NotSteerable = "The run is not active, so it can't take a message. Send it as the next message of the session.";
    public const string SteerIdInvalid = "'id' must have 1 to 64 letters, digits, dots, dashes or underscores.";
    public const string CommentTextMissing = "'text' is missing. Send the comment as a string that is not empty.";
    public const string CommentPatchInvalid = "Send either 'text' or 'settled'.";
    public const string CommentStateInvalid = "'state' must be open or settled.";
    public const string SteerTextMissing = "'text' is missing. Send the message to the agent as a string that is not empty.";

    public const string VerbMissing = "'verb' is missing. Send what is to be done: stop, pause, resume, say, approve, deny, take_over, write, hand_back, cancel_call or retry.";
    public const string VerbInvalid = "'verb' must be stop, pause, resume, say, approve, deny, take_over, write, hand_back, cancel_call or retry.";

    // Bodies.
    public const string ReasonTooLong = "'reason' can have at most 500 characters.";
    public const string BodyMissing = "The body is missing. Send a JSON object.";
    public const string BodyUnknown = "The body is not what this address takes.";

    // Money.
    public const string AmountForm = "an amount of money of at least 0.000001, for example 0.50";
    public const string AmountMissing = "'amount' is missing. Send an amount of money, for example 0.50.";

    // Approvals.
    public const string NotWaiting = "The call is not waiting for a decision: the run has finished or moved on.";
    public const string DecisionInvalid = "'decision' must be 'approve' or 'deny'.";
    public const string ArgumentsWithDeny = "'arguments' can only be sent with 'approve'.";
    public const string ArgumentsNotUnicode = "'arguments' is not valid Unicode.";
    public const string ArgumentsInvalid = "'arguments' must be an object.";

    // Forks.
    public const string ForkSeqMissing = "'seq' is missing. Send the number of an event of the step.";
    public const string ForkMessageEmpty = "'message' must have words. Leave it out to change nothing.";
    public const string ForkArgumentsInvalid = "'arguments' must be an object, or a string for a tool that takes text.";

    // Levers.
    public const string LeverKindInvalid = "'kind' must be 'stop_intake_all', 'stop_intake_agent' or 'tool_off'.";
    public const string RuleKindInvalid = "'kind' must be 'tool_called', 'argument', 'text', 'cost', 'silence' or 'repetition'.";
    public const string RuleEffectInvalid = "'effect' must be 'alert', 'pause' or 'approval'.";
    public const string RuleComparisonInvalid = "'comparison' must be 'contains', 'equal_to', 'above' or 'matches'.";
    public const string RuleSpeakerInvalid = "'speaker' must be 'anybody', 'agent' or 'person'.";
    public const string LeverReasonMissing = "'reason' is missing. Say why, in 1 to 500 characters.";

    // Retention.
    public const string RetentionDaysInvalid = "Send 'days', a whole number from 1 to 36,500, or 'until_closed': true.";
    public const string HoldSubjectInvalid = "Send 'session_id' or 'person_id', one of them.";
    public const string HoldLifted = "This hold was lifted already.";

    /// <summary>The key has not the scope that an address needs.</summary>
    public static string ScopeMissing(string scope) => $"This API key may not do this: it needs the scope '{scope}'.";

    /// <summary>The scope that an address needs, for the description of the API.</summary>
    public static string ScopeNeeded(string scope) => $"Needs a key with the scope {scope}.";

    /// <summary>A parameter of a list is not known, or its value cannot be.</summary>
    public static string ListParameterInvalid(string name) => $"'{name}' is not a parameter of this list, or its value is not valid. The documentation lists them.";

    /// <summary>A filter of a list, for the description of the API.</summary>
    public static string ListField(bool isMeasured) => isMeasured
        ? "Only runs with at least this value; with ! after the name only those below."
        : "Only runs with this value; with ! after the name only those without. More than one value are alternatives.";

    /// <summary>How long a request may wait.</summary>
    public static string WaitInvalid(int limit) => $"'wait' must be a whole number of seconds from 0 to {limit}.";

    /// <summary>How long a client's key may be.</summary>
    public static string KeyLength(int limit) => $"'Idempotency-Key' must be one value of 1 to {limit} characters.";

    /// <summary>How many pairs metadata may have.</summary>
    public static string MetadataPairs(int limit) => $"'metadata' can have at most {limit} pairs.";

    /// <summary>How long keys and values of metadata may be.</summary>
    public static string MetadataLength(int key, int value) =>
        $"'metadata' must have keys of 1 to {key} characters and values of at most {value} characters.";

    /// <summary>A field must be a string.</summary>
    public static string NotAString(string field) => $"'{field}' must be a string.";

    /// <summary>A string has half a surrogate pair.</summary>
    public static string NotUnicode(string field) => $"'{field}' is not valid Unicode.";

    /// <summary>A field is too long.</summary>
    public static string TooLong(string field, int limit) => FormattableString.Invariant($"'{field}' can have at most {limit:N0} characters.");

    /// <summary>A format is too large.</summary>
    public static string FormatTooLarge(int limit, int bytes) =>
        FormattableString.Invariant($"'text.format' can have at most {limit:N0} bytes. This one has {bytes:N0}.");

    /// <summary>A schema is nested too deeply.</summary>
    public static string SchemaTooDeep(int limit) => FormattableString.Invariant($"'text.format.schema' can be nested at most {limit} levels deep.");

    /// <summary>A position that the run has not reached.</summary>
    public static string PositionBeyond(long head) => $"The position is after the run's newest event, which is {head}.";

    /// <summary>Somebody was quicker.</summary>
    public static string AlreadyDecided(string answer, string person) => $"Already {answer} by {person}.";

    /// <summary>Nobody decided, and now nobody can.</summary>
    public static string AlreadyOver(string answer) => $"Already {answer}: no one decided in time, or the run was stopped.";
}
