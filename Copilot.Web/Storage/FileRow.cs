namespace Copilot.Web.Storage;

/// <summary>One uploaded file. Rows of equal content share their bytes on the disk.</summary>
internal sealed class FileRow
{
    public required string Id { get; init; }

    /// <summary>Lower-case hexadecimal, and the file name of the bytes; null once erased, because a hash can identify its content.</summary>
    public string? Sha256 { get; set; }

    /// <summary>Who uploaded it.</summary>
    public required string UserId { get; init; }

    public required string TeamId { get; init; }

    /// <summary>The session whose message uses it; null until one does.</summary>
    public string? SessionId { get; set; }

    /// <summary>Empty once erased.</summary>
    public required string Name { get; set; }

    public required string Type { get; init; }

    public required long Size { get; init; }

    public required long CreatedAt { get; init; }

    public long? ForgottenAt { get; set; }
}
