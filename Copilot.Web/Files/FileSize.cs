using System.Globalization;

namespace Copilot.Web.Files;

/// <summary>Formats file sizes for the screen.</summary>
public static class FileSize
{
    /// <summary><c>812 bytes</c>, <c>4 KB</c>, <c>1.5 MB</c>; a KB is 1,024 bytes.</summary>
    public static string Format(long bytes) => bytes switch
    {
        1 => "1 byte",
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, bytes / 1024.0):0} KB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):0.#} MB"),
    };
}
