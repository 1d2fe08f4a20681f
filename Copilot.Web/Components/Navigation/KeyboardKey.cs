namespace Copilot.Web.Components.Navigation;

/// <summary>Keys and what they do.</summary>
/// <param name="Keys">As they stand on the keyboard.</param>
/// <param name="Does">What happens.</param>
public sealed record KeyboardKey(string Keys, string Does);
