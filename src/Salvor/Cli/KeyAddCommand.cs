using System.CommandLine;
using Salvor.Errors;
using Salvor.Repository.Keys;

namespace Salvor.Cli;

/// <summary><c>salvor key add</c>: one more key file or passphrase that opens a repository.</summary>
/// <remarks>
/// A key file is written before its slot, as <c>init</c> does: a key that opens nothing harms nobody. Cut off in
/// between, the same call takes the file that is there. Nothing is overwritten, and nothing is taken away.
/// </remarks>
internal static class KeyAddCommand
{
    public static Command Create(CommandContext context)
    {
        var keyFile = new Option<string?>("--new-key-file")
        {
            Description = "The key file to make; one that is there already is added, where it is this repository's.",
            HelpName = "FILE",
        };
        var passphraseFile = new Option<string?>("--new-passphrase-file")
        {
            Description =
                $"File whose first line is the passphrase to add; {Passphrase.LengthMin} characters at least.",
            HelpName = "FILE",
        };
        var config = new ConfigOption();
        var repository = new RepositoryOptions(config);
        var command = new ExampleCommand(
            "add",
            "Add a key file or a passphrase that opens a repository; what opens it now goes on doing so.",
            "salvor key add --new-key-file /root/second.key",
            "salvor key add --repository s3://backups/prod --key-file first.key --new-passphrase-file /root/passphrase")
        {
            keyFile,
            passphraseFile,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(keyFile) is null == result.GetValue(passphraseFile) is null)
            {
                result.AddError("Give one of --new-key-file and --new-passphrase-file.");
            }
        });
        repository.AddTo(command);
        config.AddTo(command);
        command.SetAction(async (parse, ct) =>
        {
            var settings = repository.Read(parse, context);
            var file = Path.GetFullPath((parse.GetValue(keyFile) ?? parse.GetValue(passphraseFile))!);
            var isKeyFile = parse.GetValue(keyFile) is not null;
            if (isKeyFile)
            {
                RepositorySecret.RequireOutside(settings.Location!, file);
            }

            using var opened = await repository.OpenAsync(parse, context, ct);
            using SlotSecret secret = isKeyFile ? TakeKeyFile(context, opened.Id, file) : TakePassphrase(context, file);
            var addition = new SlotAddition(context.CpuPool, context.Entropy, context.Time);
            var slot = await addition.RunAsync(opened, secret, ct);
            Write(context.Terminal, opened, file, isKeyFile, slot, parse.IsJson());
            return ExitCodes.Ok;
        });
        return command;
    }

    /// <summary>Reads the file back in any case: what is in it has to open the repository.</summary>
    private static KeyFile TakeKeyFile(CommandContext context, RepositoryId id, string path)
    {
        if (context.FileSystem.Stat(path) is null)
        {
            using var made = KeyFile.New(path, id, context.Entropy);
            made.Save(context.FileSystem, context.Entropy);
        }

        var file = KeyFile.Load(context.FileSystem, path);
        return file.RepositoryId == id
            ? file
            : throw new SalvorException(ErrorCode.WrongKey,
                $"The key file {path} belongs to the repository {file.RepositoryId}, and this is {id}.")
            {
                Hint = "Name a file that does not exist: a new key is made. Nothing was changed.",
            };
    }

    private static Passphrase TakePassphrase(CommandContext context, string path)
    {
        var passphrase = new Passphrase(RepositorySecret.FirstLine(context, path));
        RepositorySecret.RequireStrength(passphrase);
        return passphrase;
    }

    private static void Write(
        Terminal terminal, OpenedRepository opened, string file, bool isKeyFile, AddedSlot slot, bool isJson)
    {
        if (isJson)
        {
            terminal.WriteJson(json =>
            {
                json.WriteString("repository", opened.Store.Location);
                json.WriteString("slot", slot.Name.Value);
                json.WriteBoolean("added", slot.IsNew);
                json.WriteString(isKeyFile ? "keyFile" : "passphraseFile", file);
            });
            return;
        }

        var what = isKeyFile ? $"the key file {file}" : $"the passphrase in {file}";
        terminal.Out.WriteLine(slot.IsNew
            ? $"Added {what}: it was tried, and opens {opened.Store.Location}."
            : $"Nothing was added: {what} opens {opened.Store.Location} already.");
        terminal.Out.WriteLine($"  slot  {slot.Name}");
        if (slot.IsNew)
        {
            terminal.Out.WriteLine("Whoever has it can read every backup: keep it as you keep the first one.");
        }
    }
}
