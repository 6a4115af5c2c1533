using System.Xml.Linq;
using Salvor.Lab.Cloud.Model;

namespace Salvor.Lab.Cloud.Query;

/// <summary>From an action's name to the call, under the cloud's lock.</summary>
public sealed class Dispatcher
{
    private readonly CloudService _cloud;
    private readonly Dictionary<string, Func<QueryForm, IEnumerable<XElement>>> _ec2 = [];
    private readonly Dictionary<string, Func<QueryForm, IEnumerable<XElement>>> _monitoring = [];

    public Dispatcher(CloudService cloud)
    {
        _cloud = cloud;
        new InstanceActions(cloud.Region).AddTo(_ec2);
        new InstanceQuestions(cloud.Region).AddTo(_ec2);
        new VolumeActions(cloud.Region).AddTo(_ec2);
        new OtherActions(cloud.Region).AddTo(_ec2);
        new MonitoringActions(cloud).AddTo(_monitoring);
    }

    public static bool IsMutating(string action) =>
        !action.StartsWith("Describe", StringComparison.Ordinal) && !action.StartsWith("Get", StringComparison.Ordinal);

    public Answer Answer(string service, string action, QueryForm form, string request)
    {
        var (actions, version) = service == "ec2" ? (_ec2, "2016-11-15") : (_monitoring, "2010-08-01");
        if (form.Get("Version") is var given && given != version)
        {
            throw new CloudException("InvalidParameterValue", $"The version must be {version}, not {given}.");
        }

        if (!actions.TryGetValue(action, out var act))
        {
            throw new CloudException("InvalidAction", $"The action {action} is not valid for this web service.");
        }

        if (service == "ec2" && form.Flag("DryRun"))
        {
            throw new CloudException(
                "DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412);
        }

        // The XML is made inside of the lock as well: it is of one moment.
        return _cloud.Do(_ => service == "ec2"
            ? Xml.Ec2(action, request, act(form))
            : Xml.Monitoring(action, request, act(form)));
    }
}
