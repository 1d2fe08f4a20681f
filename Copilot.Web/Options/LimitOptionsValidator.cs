using Microsoft.Extensions.Options;

namespace Copilot.Web.Options;

/// <summary>Checks <see cref="LimitOptions"/>; generated from its attributes.</summary>
[OptionsValidator]
internal sealed partial class LimitOptionsValidator : IValidateOptions<LimitOptions>;
