using Copilot.Domain.Runs.Log;
using Copilot.Web.Hosting;
using Copilot.Web.Options;
using Microsoft.AspNetCore.Connections;

try
{
    await using var app = await CopilotApplication.BuildAsync(args);
    await app.RunAsync();
    return 0;
}
catch (Exception exception) when (exception is StartRefusedException or StorageUnavailableException
    or IOException { InnerException: AddressInUseException })
{
    // Written for the person who starts it; a stack trace would only hide what to set.
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}
