using System.Globalization;

namespace Copilot.Web.Files;

/// <summary>Formats numbers of bytes for the screen, wherever they are shown.</summary>
public static class FileSize
{
    private const int Step = 1024;

    private static readonly string[] s_units = ["KB", "MB", "GB", "TB"];

    /// <summary><c>812 bytes</c>, <c>4 KB</c>, <c>1.5 MB</c>, <c>64 MB</c>; a KB is 1,024 bytes. From 10 on there are no tenths.</summary>
    public static string Format(long bytes)
    {
        if (bytes < Step)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{bytes} {(bytes == 1 ? "byte" : "bytes")}");
        }

        var (size, unit) = (bytes / (double)Step, 0);
        while (Rounded(size) >= Step && unit < s_units.Length - 1)
        {
            (size, unit) = (size / Step, unit + 1);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Rounded(size):0.#} {s_units[unit]}");
    }

    private static double Rounded(double size) => Math.Round(size, size < 10 ? 1 : 0, MidpointRounding.AwayFromZero);
}
