from odoo.tests import HttpCase, JsonRpcException
from odoo.tools import mute_logger

from .common import PerformanceCommon

#: what a refused call may end in: no right, a rule of the model, or a door that is not there
REFUSALS = {
    f"odoo.exceptions.{name}"
    for name in ("AccessError", "UserError", "ValidationError", "MissingError")
}


class Refused(Exception):
    """The server refused a call; ``name`` is the class of its error."""

    def __init__(self, name):
        super().__init__(name)
        self.name = name


class RpcCommon(PerformanceCommon, HttpCase):
    """Everybody of :class:`PerformanceCommon`, logged in and calling the server as clients do."""

    _login = None

    def login(self, name):
        """Be ``name`` from now on."""
        if self._login != name:
            self.authenticate(f"perf_{name}", f"perf_{name}")
            self._login = name

    def rpc(self, who, records, method, *args, **kwargs):
        """Call ``records.method(...)`` as ``who`` through JSON-RPC.

        A model without records calls the method on the model.

        :raise Refused: when the server refuses; any other error fails the test
        """
        self.env.flush_all()
        self.login(who)
        ids = [records.ids] if records else []
        try:
            with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
                return self.make_jsonrpc_request(
                    f"/web/dataset/call_kw/{records._name}/{method}",
                    {
                        "model": records._name,
                        "method": method,
                        "args": [*ids, *args],
                        "kwargs": kwargs,
                    },
                    timeout=60,
                )
        except JsonRpcException as error:
            if str(error) in REFUSALS:
                raise Refused(str(error)) from error
            raise
        finally:
            self.env.invalidate_all()

    def assertRefused(self, who, records, method, *args, **kwargs):
        """The call is refused (and not just without effect)."""
        with self.assertRaises(Refused, msg=f"{who}: {records}.{method}{args}"):
            self.rpc(who, records, method, *args, **kwargs)

    def told(self, who, records, method, *args, **kwargs):
        """All that the server answers, errors with all they say included."""
        self.env.flush_all()
        self.login(who)
        answer = self.post(
            f"/web/dataset/call_kw/{records._name}/{method}",
            {
                "model": records._name,
                "method": method,
                "args": [*([records.ids] if records else []), *args],
                "kwargs": kwargs,
            },
        )
        self.env.invalidate_all()
        return answer

    def post(self, path, params):
        self.env.flush_all()
        with mute_logger(
            "odoo.http", "odoo.addons.base.models.ir_rule", "odoo.domains"
        ):
            response = self.opener.post(
                self.base_url() + path,
                json={"id": 0, "jsonrpc": "2.0", "method": "call", "params": params},
                timeout=60,
            )
        answer = response.json()
        # what was asked is no answer
        answer.get("error", {}).get("data", {}).pop("context", None)
        return answer
