using Microsoft.Extensions.Options;

namespace Copilot.Web.Storage.Packing;

/// <summary>Checks <see cref="PackingOptions"/>; generated from its attributes.</summary>
[OptionsValidator]
internal sealed partial class PackingOptionsValidator : IValidateOptions<PackingOptions>;
