using Salvor.Lab.Cli;

return await LabCommands.Root().Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = null })
    .ConfigureAwait(false);
