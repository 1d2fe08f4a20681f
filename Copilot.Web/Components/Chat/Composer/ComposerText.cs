namespace Copilot.Web.Components.Chat.Composer;

/// <summary>What the message box and the queue below it say.</summary>
internal static class ComposerText
{
    // The message box.
    public const string Message = "Message";
    public const string AttachFiles = "Attach files";
    public const string Stop = "Stop";
    public const string StopTitle = "Stop (Esc)";
    public const string Send = "Send";
    public const string SendTitle = "Send (Enter)";
    public const string QueueTitle = "Send after this run (Enter)";
    public const string SendToAgent = "Send to agent now";
    public const string SendToPerson = "Send now";
    public const string SendToPersonTitle = "Send to the person who answers you now";
    public const string SendToAgentTitle = "Send to the agent now (Enter)";
    public const string SendToAgentCtrlTitle = "Send to the agent now (Ctrl+Enter)";
    public const string AskPlaceholder = "Ask anything";
    public const string QueuePlaceholder = "Write your next message";
    public const string QueueOrAgentPlaceholder = "Write your next message";
    public const string AgentPlaceholder = "Message the agent";
    public const string HintSend = "to send";
    public const string HintQueue = "to send next";
    public const string HintAgent = "to message the agent";
    public const string HintAgentNow = "to send now";
    public const string HintNewLine = "for a new line";
    public const string HintStop = "Esc to stop";
    public const string FileProblem = "A file couldn't be attached. Remove it or retry, then send.";
    public const string FilesUnfinished = "Attach again what wasn't uploaded yet: {names}";
    public const string WaitingForFiles = "Your message is sent when the files are uploaded.";
    public const string Offline = "This browser is not connected to the server.";
    public const string NotSentOffline = "Not sent: this browser is not connected to the server.";
    public const string NotSentDraftSaved =
        "Not sent: this browser is not connected to the server. Your text is saved. You can send it when the connection is back.";

    public const string HeldUntilConnected = "You're not connected. Your message will be sent when the connection is back.";
    public const string LastHeldUntilConnected = "You're not connected. Your last message will be sent when the connection is back.";
    public const string HeldAndChanged = "You changed the message. Send it again when you're ready.";
    public const string StopHeldUntilConnected = "You're not connected. The run will be stopped when the connection is back.";
    public const string SendIsSlow = "Still sending. The server hasn't answered yet; your text is saved.";
    public const string LongText = "That's a long text. As a file it leaves room for your question.";
    public const string AttachAsFile = "Attach as text file";
    public const string PastedFileName = "Pasted text.txt";

    // The queue.
    public const string Queued = "Queued";
    public const string Next = "Next";
    public const string EditQueued = "Take back and edit";
    public const string RemoveFromQueue = "Remove from the queue";

    /// <summary>The files of a queued message: the name of one, else how many.</summary>
    public static string Files(int count) => $"{count} files";

    /// <summary>The place of a message that waits, in front of it.</summary>
    public static string Place(int number) => $"{number}.";

    /// <summary>A message is longer than it may be.</summary>
    public static string MessageTooLong(int limit) =>
        FormattableString.Invariant($"This is too long to send (limit: {limit:N0} characters). Shorten it or attach it as a file.");

    /// <summary>How long a text may be.</summary>
    public static string AtMost(int limit) => FormattableString.Invariant($"The limit is {limit:N0} characters.");
}
