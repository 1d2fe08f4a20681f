using Microsoft.Extensions.Options;

namespace Copilot.Web.Options;

/// <summary>Checks <see cref="SiteOptions"/>; generated from its attributes.</summary>
[OptionsValidator]
internal sealed partial class SiteOptionsValidator : IValidateOptions<SiteOptions>;
