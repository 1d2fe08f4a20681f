using Copilot.Web.Options;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Files;

/// <summary>Checks <see cref="FileLimits"/>.</summary>
internal sealed class FileLimitsValidator : IValidateOptions<FileLimits>
{
    public ValidateOptionsResult Validate(string? name, FileLimits options)
    {
        List<string?> problems =
        [
            SettingReader.CheckPositive("Files:MaxBytes", options.MaxBytes),
            SettingReader.CheckPositive("Files:MaxPerMessage", options.MaxPerMessage),
            options.MaxUnused >= options.MaxPerMessage
                ? null
                : $"Files:MaxUnused is {options.MaxUnused}. Set it to at least Files:MaxPerMessage, which is {options.MaxPerMessage} (Files__MaxUnused in the environment).",
            options.MaxUnusedBytes >= options.MaxBytes
                ? null
                : $"Files:MaxUnusedBytes is {options.MaxUnusedBytes}. Set it to at least Files:MaxBytes, which is {options.MaxBytes} (Files__MaxUnusedBytes in the environment).",
            IsPath(options.Folder)
                ? null
                : "Files:Folder is not a path. Set it to a folder that can be written, like App_Data/files (Files__Folder in the environment).",
        ];
        var failures = problems.OfType<string>().ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static bool IsPath(string path) => !string.IsNullOrWhiteSpace(path) && !path.Contains('\0', StringComparison.Ordinal);
}
