namespace Copilot.Web.Runs.Finding;

/// <summary>A list of runs took longer than anybody should wait, and was given up.</summary>
public sealed class SearchTooSlowException() : Exception("The search took too long.");
