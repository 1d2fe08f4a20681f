namespace Copilot.Web.Files;

/// <summary>A file is not accepted. The message is one sentence for the person, which says what to do.</summary>
/// <param name="status">The HTTP status that says the same.</param>
/// <param name="message">The sentence.</param>
internal sealed class FileRefusedException(int status, string message) : Exception(message)
{
    /// <summary>The HTTP status that says the same.</summary>
    public int Status => status;

    /// <summary>When the upload may succeed without action, or null.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>It has no bytes.</summary>
    public static FileRefusedException Empty() => new(StatusCodes.Status400BadRequest, FileText.Empty);

    /// <summary>It is too large.</summary>
    public static FileRefusedException TooLarge(long maxBytes) =>
        new(StatusCodes.Status413PayloadTooLarge, FileText.TooLarge(maxBytes));

    /// <summary>Its sender has too many other unused uploads.</summary>
    public static FileRefusedException TooManyUnused(int maxFiles, TimeSpan retryAfter) =>
        TooMuch(FileText.TooManyUnused(maxFiles), retryAfter);

    /// <summary>Its sender's unused uploads would be too large together.</summary>
    public static FileRefusedException TooMuchUnused(long maxBytes, TimeSpan retryAfter) =>
        TooMuch(FileText.TooMuchUnused(maxBytes), retryAfter);

    /// <summary>Its sender has too many files in all.</summary>
    public static FileRefusedException TooManyInAll(int maxFiles) =>
        new(StatusCodes.Status507InsufficientStorage, FileText.TooManyInAll(maxFiles));

    /// <summary>All files of its sender would be too large together.</summary>
    public static FileRefusedException TooMuchInAll(long maxBytes) =>
        new(StatusCodes.Status507InsufficientStorage, FileText.TooMuchInAll(maxBytes));

    /// <summary>The disk keeps its last space for what is under way.</summary>
    public static FileRefusedException DiskNearlyFull() =>
        new(StatusCodes.Status507InsufficientStorage, FileText.DiskNearlyFull);

    /// <summary>The database is away for a while.</summary>
    public static FileRefusedException NotStored() =>
        new(StatusCodes.Status503ServiceUnavailable, FileText.NotStored) { RetryAfter = TimeSpan.FromSeconds(5) };

    private static FileRefusedException TooMuch(string message, TimeSpan retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, message) { RetryAfter = retryAfter };
}
