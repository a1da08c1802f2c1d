"""A bare Flask-Admin list of the complaint table. Run with the peers' Python: peer_flask_admin.py URL ROWS."""

import sys

import contest
import sqlalchemy as sa
from flask import Flask
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from sqlalchemy import orm

URL, ROWS = sys.argv[1:]


class Base(orm.DeclarativeBase):
    pass


class Named:
    id = orm.mapped_column(sa.Integer, primary_key=True)
    name = orm.mapped_column(sa.Text)

    def __str__(self):
        return self.name


class Unit(Named, Base):
    __tablename__ = "org_unit"


class Employee(Named, Base):
    __tablename__ = "employee"


class Customer(Named, Base):
    __tablename__ = "customer"


class Complaint(Base):
    __tablename__ = "complaint"
    id = orm.mapped_column(sa.Integer, primary_key=True)
    case_no = orm.mapped_column(sa.Text)
    customer_id = orm.mapped_column(sa.ForeignKey(Customer.id))
    title = orm.mapped_column(sa.Text)
    status = orm.mapped_column(sa.Text)
    holder_unit_id = orm.mapped_column(sa.ForeignKey(Unit.id))
    owner_id = orm.mapped_column(sa.ForeignKey(Employee.id))
    claimed_amount = orm.mapped_column(sa.BigInteger if URL.startswith("sqlite") else sa.Numeric(18, 2))
    accepted_at = orm.mapped_column(sa.DateTime)
    customer, holder_unit, owner = orm.relationship(Customer), orm.relationship(Unit), orm.relationship(Employee)


class List(ModelView):
    column_list = ("case_no", "customer", "title", "status", "holder_unit", "owner", "claimed_amount", "accepted_at")
    page_size = int(ROWS)
    column_default_sort = ("id", True)


def main():
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "bench"
    engine = sa.create_engine(URL)
    session = orm.scoped_session(orm.sessionmaker(engine))
    app.teardown_appcontext(lambda _fault: session.remove())
    Admin(app).add_view(List(Complaint, session, url="/complaint"))
    client, statements = app.test_client(), []
    sa.event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))

    def get(_path):
        answer = client.get("/complaint/")
        assert answer.status_code == 200, answer
        return answer.get_data()

    contest.answer(get, statements)


if __name__ == "__main__":
    main()
