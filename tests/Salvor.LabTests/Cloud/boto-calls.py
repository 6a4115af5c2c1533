"""The same calls to any EC2 and CloudWatch, and their outcomes, a line each.

boto-calls.py ENDPOINT KEY SECRET REGION ZONE OTHER-ZONE IMAGE
"""
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint, key, secret, region, zone, other, image = sys.argv[1:]


def client(name):
    return boto3.client(name, endpoint_url=endpoint, region_name=region, aws_access_key_id=key,
                        aws_secret_access_key=secret, config=Config(retries={"max_attempts": 1}))


ec2, cloudwatch = client("ec2"), client("cloudwatch")


def call(label, make, tell=lambda answer: "OK"):
    """Prints what came of a call, and returns its answer."""
    try:
        answer = make()
        print(f"{label}: {tell(answer)}")
        return answer
    except ClientError as refusal:
        print(f"{label}: {refusal.response['Error']['Code']}")
        return {}


def settle(look, wanted):
    """Waits for a state, since one cloud takes its time and the other does not; not for one that never comes."""
    for _ in range(100):
        if look() == wanted:
            return
        time.sleep(0.05)


def state(instance):
    return ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]["State"]["Name"]


def volume_state(volume):
    return ec2.describe_volumes(VolumeIds=[volume])["Volumes"][0]["State"]


def run(label, **more):
    return call(label, lambda: ec2.run_instances(
        ImageId=image, MinCount=1, MaxCount=1, InstanceType="m5.large", Placement={"AvailabilityZone": zone}, **more))


machine = run("run an instance", ClientToken="one")["Instances"][0]["InstanceId"]
call("run it again with its token", lambda: ec2.run_instances(
    ImageId=image, MinCount=1, MaxCount=1, InstanceType="m5.large", Placement={"AvailabilityZone": zone},
    ClientToken="one"), lambda answer: "the same" if answer["Instances"][0]["InstanceId"] == machine else "another")
settle(lambda: state(machine), "running")
call("status of a running instance", lambda: ec2.describe_instance_status(InstanceIds=[machine]),
     lambda answer: f"{len(answer['InstanceStatuses'])} told")
call("describe an unknown instance", lambda: ec2.describe_instances(InstanceIds=["i-0123456789abcdef0"]))
call("describe a malformed id", lambda: ec2.describe_instances(InstanceIds=["nonsense"]))
call("start a running instance", lambda: ec2.start_instances(InstanceIds=[machine]))
call("reboot", lambda: ec2.reboot_instances(InstanceIds=[machine]))

near = call("create a volume", lambda: ec2.create_volume(AvailabilityZone=zone, Size=1))["VolumeId"]
far = call("create one in another zone", lambda: ec2.create_volume(AvailabilityZone=other, Size=1))["VolumeId"]
for volume in (near, far):
    settle(lambda: volume_state(volume), "available")
call("attach across zones", lambda: ec2.attach_volume(VolumeId=far, InstanceId=machine, Device="/dev/sdg"))
call("attach", lambda: ec2.attach_volume(VolumeId=near, InstanceId=machine, Device="/dev/sdf"))
settle(lambda: volume_state(near), "in-use")
call("attach twice", lambda: ec2.attach_volume(VolumeId=near, InstanceId=machine, Device="/dev/sdh"))
call("delete an attached volume", lambda: ec2.delete_volume(VolumeId=near))
call("attach an unknown volume", lambda: ec2.attach_volume(
    VolumeId="vol-0123456789abcdef0", InstanceId=machine, Device="/dev/sdi"))
call("keep a volume", lambda: ec2.modify_instance_attribute(InstanceId=machine, BlockDeviceMappings=[
    {"DeviceName": "/dev/sdf", "Ebs": {"DeleteOnTermination": False}}]))
call("snapshot", lambda: ec2.create_snapshot(VolumeId=near, Description="one"))
call("snapshot of an unknown volume", lambda: ec2.create_snapshot(VolumeId="vol-0123456789abcdef0"))
call("create a volume of no size", lambda: ec2.create_volume(AvailabilityZone=zone))

address = call("allocate an address", lambda: ec2.allocate_address(Domain="vpc"))["AllocationId"]
call("associate it", lambda: ec2.associate_address(AllocationId=address, InstanceId=machine))
call("release it while it is in use", lambda: ec2.release_address(AllocationId=address))

alarm = {
    "AlarmName": "one", "Namespace": "AWS/EC2", "MetricName": "StatusCheckFailed_Instance", "Statistic": "Maximum",
    "Dimensions": [{"Name": "InstanceId", "Value": machine}], "Period": 60, "EvaluationPeriods": 2,
    "DatapointsToAlarm": 2, "Threshold": 1.0, "ComparisonOperator": "GreaterThanOrEqualToThreshold",
    "TreatMissingData": "missing", "AlarmActions": [f"arn:aws:automate:{region}:ec2:reboot"]}
call("put an alarm", lambda: cloudwatch.put_metric_alarm(**alarm))
call("put it again", lambda: cloudwatch.put_metric_alarm(**alarm))
call("describe alarms", lambda: cloudwatch.describe_alarms(AlarmNames=["one", "none"]),
     lambda answer: f"{len(answer['MetricAlarms'])} told")
call("set its state", lambda: cloudwatch.set_alarm_state(AlarmName="one", StateValue="OK", StateReason="a try"))
call("set the state of none", lambda: cloudwatch.set_alarm_state(
    AlarmName="none", StateValue="OK", StateReason="a try"))
call("recover on an instance check", lambda: cloudwatch.put_metric_alarm(
    **{**alarm, "AlarmName": "two", "AlarmActions": [f"arn:aws:automate:{region}:ec2:recover"]}))
call("disable actions", lambda: cloudwatch.disable_alarm_actions(AlarmNames=["one"]))
call("delete it", lambda: cloudwatch.delete_alarms(AlarmNames=["one"]))
call("delete none", lambda: cloudwatch.delete_alarms(AlarmNames=["none"]))

call("protect from termination", lambda: ec2.modify_instance_attribute(
    InstanceId=machine, DisableApiTermination={"Value": True}))
call("terminate a protected instance", lambda: ec2.terminate_instances(InstanceIds=[machine]))
call("let it go", lambda: ec2.modify_instance_attribute(InstanceId=machine, DisableApiTermination={"Value": False}))
settle(lambda: state(machine), "running")
call("stop", lambda: ec2.stop_instances(InstanceIds=[machine]))
settle(lambda: state(machine), "stopped")
call("status of a stopped instance", lambda: ec2.describe_instance_status(InstanceIds=[machine]),
     lambda answer: f"{len(answer['InstanceStatuses'])} told")
call("reboot a stopped instance", lambda: ec2.reboot_instances(InstanceIds=[machine]))
call("start", lambda: ec2.start_instances(InstanceIds=[machine]))
settle(lambda: state(machine), "running")
call("terminate", lambda: ec2.terminate_instances(InstanceIds=[machine]))
settle(lambda: state(machine), "terminated")
call("start a terminated instance", lambda: ec2.start_instances(InstanceIds=[machine]))
call("stop a terminated instance", lambda: ec2.stop_instances(InstanceIds=[machine]))
call("the volume that was kept", lambda: ec2.describe_volumes(VolumeIds=[near]),
     lambda answer: answer["Volumes"][0]["State"])
