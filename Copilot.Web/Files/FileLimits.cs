using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Copilot.Domain.Settings;

namespace Copilot.Web.Files;

/// <summary>What people may attach, and where it is stored. Bound from <c>Files</c>.</summary>
public sealed class FileLimits : IValidatableObject
{
    /// <summary>Largest file that may be attached, in bytes. Files go upstream inside the request, a third larger. Default: 20 MiB.</summary>
    [AtLeast(1)]
    public int MaxBytes { get; set; } = 20 * 1024 * 1024;

    /// <summary>Most files of one message. Default: 10.</summary>
    [AtLeast(1)]
    public int MaxPerMessage { get; set; } = 10;

    /// <summary>
    /// Most files that a person may have uploaded and not yet sent; more are refused with 429. At least <see cref="MaxPerMessage"/>.
    /// Default: 50.
    /// </summary>
    public int MaxUnused { get; set; } = 50;

    /// <summary>Most bytes of these files together. At least <see cref="MaxBytes"/>. Default: 500 MiB.</summary>
    public long MaxUnusedBytes { get; set; } = 500L * 1024 * 1024;

    /// <summary>
    /// Most files that a person may have, in conversations too; more are refused with 507. Files of deleted conversations do not count.
    /// At least <see cref="MaxUnused"/>. Default: 10,000.
    /// </summary>
    public int MaxPerPerson { get; set; } = 10_000;

    /// <summary>Most bytes of these files together. At least <see cref="MaxUnusedBytes"/>. Default: 10 GiB.</summary>
    public long MaxBytesPerPerson { get; set; } = 10L * 1024 * 1024 * 1024;

    /// <summary>
    /// The folder of the files' bytes, relative to the content root. It belongs to one instance alone: what is named like its own
    /// files (64 hexadecimal digits) and is not one of them is deleted. What no message has used for 24 hours is removed. Default:
    /// <c>App_Data/files</c>.
    /// </summary>
    [Matches(@"[^\0]*[^\0\s][^\0]*", "a folder that can be written, like App_Data/files")]
    public string Folder { get; set; } = "App_Data/files";

    /// <inheritdoc/>
    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        var section = SettingText.SectionOf(validationContext);
        if (MaxUnused < MaxPerMessage)
        {
            yield return TooSmall(nameof(MaxUnused), MaxUnused, nameof(MaxPerMessage), MaxPerMessage);
        }

        if (MaxUnusedBytes < MaxBytes)
        {
            yield return TooSmall(nameof(MaxUnusedBytes), MaxUnusedBytes, nameof(MaxBytes), MaxBytes);
        }

        if (MaxPerPerson < MaxUnused)
        {
            yield return TooSmall(nameof(MaxPerPerson), MaxPerPerson, nameof(MaxUnused), MaxUnused);
        }

        if (MaxBytesPerPerson < MaxUnusedBytes)
        {
            yield return TooSmall(nameof(MaxBytesPerPerson), MaxBytesPerPerson, nameof(MaxUnusedBytes), MaxUnusedBytes);
        }

        ValidationResult TooSmall(string setting, long value, string least, long leastValue) => new(SettingText.Wrong(
            $"{section}:{setting}", value, string.Create(CultureInfo.InvariantCulture, $"at least {section}:{least}, which is {leastValue}")));
    }
}
