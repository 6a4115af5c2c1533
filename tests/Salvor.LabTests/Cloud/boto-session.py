#!/usr/bin/python3
"""Calls the lab's cloud with a client that is not ours: boto-session.py URL SECRET. Says "all well" at its end."""
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

URL, SECRET = sys.argv[1:3]


def client(service, secret=SECRET):
    return boto3.client(
        service, endpoint_url=URL, region_name="lab-1", aws_access_key_id="lab", aws_secret_access_key=secret,
        config=Config(retries={"max_attempts": 0}, proxies={}))


def refused(code, status, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        found = error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]
        assert found == (code, status), f"{found} instead of {(code, status)}"
        assert error.response["ResponseMetadata"].get("RequestId") or error.response.get("RequestId"), error.response
    else:
        raise AssertionError(f"{code} was not answered")


def until(wanted, ask):
    end = time.monotonic() + 30
    while ask() != wanted:
        assert time.monotonic() < end, f"never {wanted}, but {ask()}"
        time.sleep(0.02)


ec2, monitoring = client("ec2"), client("cloudwatch")
refused("AuthFailure", 401, client("ec2", "wrong").describe_instances)
refused("SignatureDoesNotMatch", 403, client("cloudwatch", "wrong").describe_alarms)
refused("DryRunOperation", 412, ec2.describe_instances, DryRun=True)
refused("InvalidInstanceID.NotFound", 400, ec2.describe_instances, InstanceIds=["i-1"])
refused("InvalidAction", 400, ec2.describe_vpcs)

zones = [zone["ZoneName"] for zone in ec2.describe_availability_zones()["AvailabilityZones"]]
assert zones == ["lab-1a", "lab-1b"], zones
subnets = {one["AvailabilityZone"]: one["SubnetId"] for one in ec2.describe_subnets()["Subnets"]}

template = ec2.create_launch_template(
    LaunchTemplateName="node", LaunchTemplateData={"ImageId": "ami-lab", "InstanceType": "m5.large"})
template = template["LaunchTemplate"]["LaunchTemplateId"]
version = ec2.describe_launch_template_versions(LaunchTemplateId=template)["LaunchTemplateVersions"][0]
assert version["LaunchTemplateData"]["ImageId"] == "ami-lab", version
order = dict(
    MinCount=1, MaxCount=1, SubnetId=subnets["lab-1a"], ClientToken="once", UserData="#!/bin/sh\n",
    LaunchTemplate={"LaunchTemplateId": template},
    BlockDeviceMappings=[{"DeviceName": "/dev/xvdf", "Ebs": {"VolumeSize": 2, "DeleteOnTermination": False}}],
    TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "a b&c"}]}])
instance = ec2.run_instances(**order)["Instances"][0]["InstanceId"]
assert ec2.run_instances(**order)["Instances"][0]["InstanceId"] == instance
refused("IdempotentParameterMismatch", 400, ec2.run_instances, **{**order, "UserData": "other"})
refused("InvalidSubnetID.NotFound", 400, ec2.run_instances, **{**order, "SubnetId": "subnet-x", "ClientToken": "x"})


def describe():
    return ec2.describe_instances(Filters=[{"Name": "tag:Name", "Values": ["a b*"]}])["Reservations"][0]["Instances"][0]


def state():
    return describe()["State"]["Name"]


until("running", state)
found = describe()
assert found["Tags"] == [{"Key": "Name", "Value": "a b&c"}] and found["ImageId"] == "ami-lab", found
assert {one["DeviceName"]: one["Ebs"]["DeleteOnTermination"] for one in found["BlockDeviceMappings"]} == {
    "/dev/xvda": True, "/dev/xvdf": False}, found
until("ok", lambda: ec2.describe_instance_status(
    InstanceIds=[instance])["InstanceStatuses"][0]["InstanceStatus"]["Status"])

ec2.modify_instance_attribute(InstanceId=instance, DisableApiStop={"Value": True})
assert ec2.describe_instance_attribute(
    InstanceId=instance, Attribute="disableApiStop")["DisableApiStop"]["Value"] is True
refused("OperationNotPermitted", 400, ec2.stop_instances, InstanceIds=[instance], Force=True)
ec2.modify_instance_attribute(InstanceId=instance, DisableApiStop={"Value": False})

volume = ec2.create_volume(AvailabilityZone="lab-1a", Size=1)["VolumeId"]
until("available", lambda: ec2.describe_volumes(VolumeIds=[volume])["Volumes"][0]["State"])
ec2.attach_volume(VolumeId=volume, InstanceId=instance, Device="/dev/xvdg")
refused("VolumeInUse", 400, ec2.attach_volume, VolumeId=volume, InstanceId=instance, Device="/dev/xvdh")
snapshot = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
until("completed", lambda: ec2.describe_snapshots(SnapshotIds=[snapshot])["Snapshots"][0]["State"])
ec2.detach_volume(VolumeId=volume)
until("available", lambda: ec2.describe_volumes(VolumeIds=[volume])["Volumes"][0]["State"])

address = ec2.allocate_address(Domain="vpc")
ec2.associate_address(AllocationId=address["AllocationId"], InstanceId=instance)
found = ec2.describe_addresses(AllocationIds=[address["AllocationId"]])["Addresses"][0]
assert found["InstanceId"] == instance, found
ec2.disassociate_address(AssociationId=found["AssociationId"])
ec2.release_address(AllocationId=address["AllocationId"])

dimensions = [{"Name": "InstanceId", "Value": instance}]
monitoring.put_metric_alarm(
    AlarmName="reboot", Namespace="AWS/EC2", MetricName="StatusCheckFailed_Instance", Statistic="Maximum", Period=60,
    EvaluationPeriods=3, Threshold=1, ComparisonOperator="GreaterThanOrEqualToThreshold", Dimensions=dimensions,
    AlarmActions=["arn:aws:automate:lab-1:ec2:reboot"])
until("OK", lambda: monitoring.describe_alarms(AlarmNames=["reboot"])["MetricAlarms"][0]["StateValue"])
monitoring.disable_alarm_actions(AlarmNames=["reboot"])
assert monitoring.describe_alarms()["MetricAlarms"][0]["ActionsEnabled"] is False
now = time.time()
points = monitoring.get_metric_statistics(
    Namespace="AWS/EC2", MetricName="StatusCheckFailed", Dimensions=dimensions, StartTime=now - 60, EndTime=now + 1,
    Period=60 * 60, Statistics=["Maximum"])["Datapoints"]
assert points and {point["Maximum"] for point in points} == {0.0}, points
monitoring.put_metric_data(Namespace="Own", MetricData=[{"MetricName": "beat", "Value": 1.5}])
monitoring.delete_alarms(AlarmNames=["reboot"])
refused("ResourceNotFound", 404, monitoring.delete_alarms, AlarmNames=["reboot"])

first = ec2.describe_volumes(MaxResults=1)
assert len(first["Volumes"]) == 1 and ec2.describe_volumes(NextToken=first["NextToken"])["Volumes"], first
stopping = ec2.stop_instances(InstanceIds=[instance], Force=True)["StoppingInstances"][0]
assert (stopping["PreviousState"]["Name"], stopping["CurrentState"]["Name"]) == ("running", "stopping"), stopping
until("stopped", state)
ec2.start_instances(InstanceIds=[instance])
until("running", state)
ec2.reboot_instances(InstanceIds=[instance])
ec2.terminate_instances(InstanceIds=[instance])
until("terminated", state)
refused("IncorrectInstanceState", 400, ec2.start_instances, InstanceIds=[instance])
print("all well")
