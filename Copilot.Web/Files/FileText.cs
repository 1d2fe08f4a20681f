namespace Copilot.Web.Files;

/// <summary>Texts about files that people attach, on the page and in answers to an upload.</summary>
internal static class FileText
{
    public const string Attached = "Attached files";
    public const string Remove = "Remove";
    public const string Retry = "Retry";
    public const string Unknown = "FILE";

    // For the script of the message box: {name} stands for the file's name, {size} for its size.
    public const string RemoveNamed = "Remove {name}";
    public const string CancelNamed = "Cancel {name}";
    public const string RetryNamed = "Retry {name}";
    public const string UploadingNamed = "Uploading {name}";
    public const string AttachedNamed = "{name} is attached.";
    public const string RemovedNamed = "{name} was removed.";
    public const string Waiting = "Waiting · {size}";
    public const string EmptyShort = "Empty file";
    public const string UploadFailed = "Upload failed";
    public const string TooLargeForProxy = "Too large for the proxy in front of this server";
    public const string SignedOut = "You are signed out. Reload the page.";

    public const string Empty = "The file is empty. Choose another one.";
    public const string OneAtATime = "Send one file per request.";
    public const string NoFile = "The request has no file. Send it as a form part with a file name, or as the body with its name in '?name='.";
    public const string UploadDenied = "You don't have permission to upload files.";
    public const string NotStored = "The file can't be saved right now. Try again in a moment.";
    public const string DiskNearlyFull = "The server's disk is nearly full, so it takes no files. Ask an admin to make room.";
    public const string NotFound = "This does not exist, or you don't have access to it.";
    public const string ContainerFileGone = "The provider no longer has this file. What its code makes is kept there for some minutes only. Ask for it again.";
    public const string NotReadNow = "Storage is unavailable, so nothing can be read right now. Try again in a moment.";
    public const string ContainerFileNotFetched = "The file can't be fetched from the provider right now. Try again in a moment.";
    public const string NamedTwice = "A file is listed twice. List each file once.";

    /// <summary>The link that saves a file.</summary>
    public static string Save(string name) => $"Save {name}";

    /// <summary>The button that removes a file.</summary>
    public static string RemoveFile(string name) => RemoveNamed.Replace("{name}", name, StringComparison.Ordinal);

    /// <summary>A file is too large, where there is little room.</summary>
    public static string TooLargeShort(long maxBytes) => $"Too large: at most {FileSize.Format(maxBytes)}";

    /// <summary>A file is too large.</summary>
    public static string TooLarge(long maxBytes) => $"The file is too large. The limit is {FileSize.Format(maxBytes)}.";

    /// <summary>The message box takes no more files; the script puts in how many were left out.</summary>
    public static string TooManyDropped(int limit) => $"You can attach up to {limit} files to a message. Not attached: {{count}}.";

    /// <summary>A message names too many files.</summary>
    public static string TooMany(int limit, int count) => $"You can attach up to {limit} files to a message. This one has {count}.";

    /// <summary>Too many files wait for a message.</summary>
    public static string TooManyUnused(int limit) => $"You can have up to {limit} files that are not part of a message yet. {MakeRoom}";

    /// <summary>The files that wait for a message are too large together.</summary>
    public static string TooMuchUnused(long maxBytes) =>
        $"Files that are not part of a message yet can have up to {FileSize.Format(maxBytes)} in total. {MakeRoom}";

    /// <summary>A file does not exist, or is another person's.</summary>
    public static string Unusable(string id) => $"There is no file '{id}', or you don't have access to it. Upload it and send your message again.";

    /// <summary>A file was removed before its message came.</summary>
    public static string JustRemoved(string id) => $"The file '{id}' has just been removed. Upload it again.";

    /// <summary>A person has too many files.</summary>
    public static string TooManyInAll(int limit) => FormattableString.Invariant($"You can have up to {limit:N0} files. {DeleteSome}");

    /// <summary>A person's files are too large together.</summary>
    public static string TooMuchInAll(long maxBytes) => $"Your files can have up to {FileSize.Format(maxBytes)} in total. {DeleteSome}";

    private const string DeleteSome = "Delete conversations whose files you no longer need.";
    private const string MakeRoom = "Send or remove some first. Unused files are removed after a day.";
}
