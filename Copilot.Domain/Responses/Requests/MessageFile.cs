namespace Copilot.Domain.Responses.Requests;

/// <summary>A file of a user's message, as the log names it. Its bytes are stored elsewhere and may be gone.</summary>
/// <param name="Id">Its id (<c>file_…</c>).</param>
/// <param name="Name">The name given by the person; untrusted text.</param>
/// <param name="Type">Its media type.</param>
/// <param name="Size">Its length in bytes.</param>
public sealed record MessageFile(string Id, string Name, string Type, long Size)
{
    /// <summary>True when the upstream could not read it: it is named and not sent any more.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsRefused { get; init; }

    /// <summary>True for image types that models read and browsers display; they go upstream as <c>input_image</c>.</summary>
    public bool IsImage => Type is "image/png" or "image/jpeg" or "image/gif" or "image/webp";
}
