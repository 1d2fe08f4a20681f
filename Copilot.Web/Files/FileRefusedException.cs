namespace Copilot.Web.Files;

/// <summary>A file cannot be taken. The message is one sentence for the person, which says what to do.</summary>
/// <param name="status">The HTTP status that says the same.</param>
/// <param name="message">The sentence.</param>
internal sealed class FileRefusedException(int status, string message) : Exception(message)
{
    /// <summary>The HTTP status that says the same.</summary>
    public int Status => status;

    /// <summary>When it passes by itself; null where it does not.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>It has no bytes.</summary>
    public static FileRefusedException Empty() => new(StatusCodes.Status400BadRequest, "The file is empty. Choose one that has something in it.");

    /// <summary>It has more bytes than it may.</summary>
    public static FileRefusedException TooLarge(long maxBytes) =>
        new(StatusCodes.Status413PayloadTooLarge, $"The file is too large: at most {FileSize.Words(maxBytes)}.");

    /// <summary>Its sender has too many others that no message uses.</summary>
    public static FileRefusedException TooManyUnused(int maxFiles, TimeSpan retryAfter) =>
        TooMuch($"At most {maxFiles} of your files may wait for a message.", retryAfter);

    /// <summary>With its sender's others that no message uses, it has more bytes than those may have.</summary>
    public static FileRefusedException TooMuchUnused(long maxBytes, TimeSpan retryAfter) =>
        TooMuch($"Your files that wait for a message may have at most {FileSize.Words(maxBytes)} together.", retryAfter);

    private static FileRefusedException TooMuch(string limit, TimeSpan retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, $"{limit} Send or remove some first; what is not used goes after a day.") { RetryAfter = retryAfter };
}
