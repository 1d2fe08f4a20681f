using Microsoft.Extensions.Options;

namespace Copilot.Web.Audit;

/// <summary>Checks <see cref="AuditOptions"/>; generated from its attributes.</summary>
[OptionsValidator]
internal sealed partial class AuditOptionsValidator : IValidateOptions<AuditOptions>;
