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
            IsPath(options.Folder)
                ? null
                : "Files:Folder is not a path. Set it to a folder that can be written, like App_Data/files (Files__Folder in the environment).",
        ];
        var failures = problems.OfType<string>().ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static bool IsPath(string path) => !string.IsNullOrWhiteSpace(path) && !path.Contains('\0', StringComparison.Ordinal);
}
