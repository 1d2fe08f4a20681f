namespace Copilot.Domain.Responses.Requests;

/// <summary>A file of a user's message, as the log names it. Its bytes lie elsewhere and may be gone.</summary>
/// <param name="Id">Its id (<c>file_…</c>).</param>
/// <param name="Name">What the person calls it; hostile text.</param>
/// <param name="Type">Its media type.</param>
/// <param name="Size">Its length in bytes.</param>
public sealed record MessageFile(string Id, string Name, string Type, long Size)
{
    /// <summary>True for the images that models look at and browsers show; they go upstream as <c>input_image</c>.</summary>
    public bool IsImage => Type is "image/png" or "image/jpeg" or "image/gif" or "image/webp";
}
