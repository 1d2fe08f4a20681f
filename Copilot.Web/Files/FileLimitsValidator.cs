using Microsoft.Extensions.Options;

namespace Copilot.Web.Files;

/// <summary>Checks <see cref="FileLimits"/>; generated from its attributes.</summary>
[OptionsValidator]
internal sealed partial class FileLimitsValidator : IValidateOptions<FileLimits>;
