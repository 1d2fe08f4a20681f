namespace Copilot.Web.Files;

/// <summary>A file cannot be taken. The message is one sentence for the person, which says what to do.</summary>
/// <param name="status">The HTTP status that says the same.</param>
/// <param name="message">The sentence.</param>
internal sealed class FileRefusedException(int status, string message) : Exception(message)
{
    /// <summary>The HTTP status that says the same.</summary>
    public int Status => status;

    /// <summary>It has no bytes.</summary>
    public static FileRefusedException Empty() => new(StatusCodes.Status400BadRequest, "The file is empty. Choose one that has something in it.");

    /// <summary>It has more bytes than it may.</summary>
    public static FileRefusedException TooLarge(long maxBytes) =>
        new(StatusCodes.Status413PayloadTooLarge, $"The file is too large: at most {FileSize.Words(maxBytes)}.");
}
