using Microsoft.Extensions.Options;

namespace Copilot.Web.Supervision.Alerts;

/// <summary>Checks <see cref="AlertOptions"/>; generated from its attributes.</summary>
[OptionsValidator]
internal sealed partial class AlertOptionsValidator : IValidateOptions<AlertOptions>;
