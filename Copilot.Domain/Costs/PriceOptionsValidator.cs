using Microsoft.Extensions.Options;

namespace Copilot.Domain.Costs;

/// <summary>Checks <see cref="PriceOptions"/>; generated from its attributes and its <c>IValidatableObject</c>.</summary>
[OptionsValidator]
public sealed partial class PriceOptionsValidator : IValidateOptions<PriceOptions>;
