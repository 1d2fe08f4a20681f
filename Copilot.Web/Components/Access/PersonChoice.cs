namespace Copilot.Web.Components.Access;

/// <summary>What was chosen for a person.</summary>
internal sealed record PersonChoice(string Role, string Team);
