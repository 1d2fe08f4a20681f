namespace Copilot.Web.Storage.Upkeep;

/// <summary>Removes what has become useless. <see cref="HourlyCleaner"/> calls it.</summary>
internal interface IHourlyCleanup
{
    /// <summary>Removes it. What fails is left for the next time.</summary>
    Task CleanAsync(CancellationToken cancellationToken);
}
